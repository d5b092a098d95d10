import { type BrowserWindow, nativeTheme } from "electron";
import type { Settings } from "../../shared/app/settings.ts";

/** The window's ground, as `--ground` of renderer/theme.css: it is seen before the page is, and behind it when the window grows. */
const ground = { light: "#f3f4f6", dark: "#16181c" } as const;

/** Sets the person's theme for parts that the system draws, such as menus and dialogs. */
export function applyTheme({ theme }: Pick<Settings, "theme">): void {
  nativeTheme.themeSource = theme;
}

/** The colour of a window's ground in the theme that holds now. */
export function groundColor(): string {
  return nativeTheme.shouldUseDarkColors ? ground.dark : ground.light;
}

/** Keeps the ground of a window in the theme that holds. */
export function followTheme(window: BrowserWindow): void {
  const follow = () => window.setBackgroundColor(groundColor());
  nativeTheme.on("updated", follow);
  window.on("closed", () => nativeTheme.off("updated", follow));
}
