import type { Locator } from "@playwright/test";

/** The contrast, as WCAG has it, of an element's colour with the colours that are behind it. */
export async function contrast(element: Locator): Promise<number> {
  return await element.evaluate((element) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (!canvas) throw new Error("this browser draws nothing");
    const behind: string[] = [];
    let opacity = 1;
    for (let one: Element | null = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      behind.unshift(style.backgroundColor);
      opacity *= Number(style.opacity);
    }
    /** Draws colours over each other, and measures how much light the result gives. */
    const draw = (color: string, alpha = 1) => {
      canvas.globalAlpha = alpha;
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    let ground = draw("#fff");
    for (const color of behind) ground = draw(color);
    const own = draw(getComputedStyle(element).color, opacity);
    return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
  });
}
