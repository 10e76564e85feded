// Light or dark, as chosen before: set before anything is drawn, so that nothing flashes.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
