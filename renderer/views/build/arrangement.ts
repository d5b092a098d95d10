import { type RefObject, useLayoutEffect, useState } from "react";

/** The arrangement of the parts of a build's view. */
interface Arrangement {
  /** Steps are a list beside the log, or one line above it. */
  readonly steps: "beside" | "above";
  /** Log and console are beside each other, one above the other, or one of them is shown. */
  readonly panes: "beside" | "stacked" | "one";
}

/** Pixels that two panes need to be of use, each with a bar of its own. */
const twoPanesHeight = 340;

/** @param width, @param height in pixels of the place that steps, log and console share */
export function arrange(width: number, height: number): Arrangement {
  const isLow = height < twoPanesHeight;
  const isBeside = width >= 1_100 || (isLow && width >= 1_000);
  return {
    steps: width < 600 ? "above" : "beside",
    panes: isBeside ? "beside" : isLow ? "one" : "stacked",
  };
}

/** The arrangement that fits in a box as it is now. */
export function useArrangement(box: RefObject<HTMLElement | null>): Arrangement {
  const [arrangement, setArrangement] = useState<Arrangement>({ steps: "beside", panes: "stacked" });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth, clientHeight } = element;
      // A panel that is out of sight has no size, and keeps its arrangement.
      if (clientWidth === 0) return;
      const next = arrange(clientWidth, clientHeight);
      setArrangement((now) => (now.steps === next.steps && now.panes === next.panes ? now : next));
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, [box]);
  return arrangement;
}
