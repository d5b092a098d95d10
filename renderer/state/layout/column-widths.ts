import { maxColumnWidth } from "../../../shared/app/window-state.ts";
import { remember, windowState } from "../connection/window-state.ts";

/** Remembers the width of a column in pixels, for all panels of its kind; undefined for its usual width. */
export function setColumnWidth(column: string, width: number | undefined): void {
  const { [column]: _before, ...others } = windowState.getState().columns ?? {};
  const wanted = width === undefined ? undefined : Math.round(Math.min(maxColumnWidth, Math.max(0, width)));
  remember({ columns: { ...others, ...(wanted !== undefined && { [column]: wanted }) } });
}
