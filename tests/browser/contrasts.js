// Words that stand out less than `least` from what is behind them: [contrast, words, class].
(least) => {
  const channels = (colour) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (above, below) => [0, 1, 2].map((one) => above[one] * above[3] + below[one] * (1 - above[3]));
  const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const own = channels(getComputedStyle(node).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(node.parentElement));
  };
  const contrast = (node) => {
    const behind = ground(node);
    const lights = [light(over(channels(getComputedStyle(node).color), behind)), light(behind)];
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
  };
  const isSaid = (node) => [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(one.data));
  return [...document.querySelectorAll("body *")]
    .filter((node) => isSaid(node) && node.checkVisibility({ visibilityProperty: true }) && !node.closest(".avatar, .sr-only, .skip, script, :disabled"))
    .map((node) => [Math.round(contrast(node) * 100) / 100, node.innerText.slice(0, 20), node.className || node.parentElement.className])
    .filter(([found]) => found < least);
}
