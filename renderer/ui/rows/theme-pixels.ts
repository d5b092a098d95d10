/** Pixels of a size in theme.css, such as `--height-small`, for code that computes where rows are. */
export function themePixels(name: `--${string}`): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(name));
}
