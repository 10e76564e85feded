// Light or dark, as chosen or as the system has it: set before anything is drawn, so that nothing flashes.
{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const apply = () => {
    const chosen = localStorage.getItem("theme") ?? "auto";
    root.dataset.choice = chosen;
    root.dataset.theme = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
  };
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("theme", apply);
  apply();
}
