import type { Page } from "@playwright/test";

/**
 * Elements that scroll or clip sideways by design: code and terminals, text and logs as programs printed them,
 * sliding progress bars, the tabs of a panel, of which the library keeps the front one in view, labels of an axis that
 * have no room, and the pictures of a guest.
 */
const mayClip =
  ".xterm, .replay-terminal, .cm-editor, pre, .log, .progress-bar, .dv-tabs-container, .axis-label, svg, canvas, textarea, input, select";

/**
 * Finds elements that do not fit in the window: text that is cut off without an ellipsis, and elements that are wider
 * than their container, are laid out beside it, or make it scroll sideways. Each as a selector and a reason.
 */
export async function misfits(page: Page): Promise<readonly string[]> {
  return await page.evaluate((mayClip) => {
    /** Layout is in fractions of a pixel, and sizes of content are rounded. */
    const slack = 1.5;
    const found = new Set<string>();
    const name = (element: Element) => {
      const classes = [...element.classList].map((one) => `.${one}`).join("");
      return `${element.localName}${classes} "${(element.textContent ?? "").slice(0, 40)}"`;
    };
    /** Elements only for screen readers are a pixel large. */
    const isShown = (element: Element) =>
      element.clientWidth !== 1 &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.getClientRects().length > 0;
    const hasText = (element: Element) =>
      [...element.childNodes].some(
        ({ nodeType, nodeValue }) => nodeType === Node.TEXT_NODE && nodeValue?.trim(),
      );
    const hasEllipsis = (element: Element) => getComputedStyle(element).textOverflow === "ellipsis";
    const isIn = (element: Element, is: (one: Element) => boolean) => {
      for (let one: Element | null = element; one; one = one.parentElement) if (is(one)) return true;
      return false;
    };
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest(mayClip) || !isShown(element)) continue;
      const style = getComputedStyle(element);
      const clips = style.overflowX !== "visible";
      if (clips && element.scrollWidth > element.clientWidth + slack && !hasEllipsis(element))
        found.add(
          `${name(element)} is wider by ${element.scrollWidth - element.clientWidth}, ${style.overflowX}`,
        );
      if (
        hasText(element) &&
        /hidden|clip/.test(style.overflowY) &&
        element.scrollHeight > element.clientHeight + 2
      )
        found.add(`${name(element)} is cut off below`);
      const box = element.getBoundingClientRect();
      const { parentElement } = element;
      const isInFlow = /static|relative/.test(style.position) && style.display !== "inline";
      if (
        isInFlow &&
        parentElement &&
        getComputedStyle(parentElement).display !== "contents" &&
        !hasEllipsis(parentElement)
      ) {
        const outer = parentElement.getBoundingClientRect();
        if (
          outer.width > 0 &&
          box.width > 0 &&
          (box.right > outer.right + slack || box.left < outer.left - slack)
        )
          found.add(`${name(element)} is beside its container ${name(parentElement)}`);
      }
      if (
        hasText(element) &&
        !isIn(element, hasEllipsis) &&
        (box.right > innerWidth + slack || box.left < -slack)
      )
        found.add(`${name(element)} is outside of the window`);
    }
    return [...found];
  }, mayClip);
}
