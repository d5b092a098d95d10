import type { ITheme } from "@xterm/xterm";

/** The sixteen colours by their names, each readable on its ground. */
const light: ITheme = {
  background: "#ffffff",
  foreground: "#1b1f26",
  cursor: "#2456c9",
  cursorAccent: "#ffffff",
  selectionBackground: "#2456c940",
  black: "#1b1f26",
  red: "#b3261e",
  green: "#19713b",
  yellow: "#8a5300",
  blue: "#2456c9",
  magenta: "#8b35a8",
  cyan: "#0b6e7f",
  white: "#545c69",
  brightBlack: "#6b7380",
  brightRed: "#c9372c",
  brightGreen: "#1f844a",
  brightYellow: "#9a6200",
  brightBlue: "#3569e0",
  brightMagenta: "#a04bbd",
  brightCyan: "#0f8296",
  brightWhite: "#16181c",
};

const dark: ITheme = {
  background: "#1e2126",
  foreground: "#e4e7ec",
  cursor: "#7ca6ff",
  cursorAccent: "#1e2126",
  selectionBackground: "#7ca6ff40",
  black: "#343a43",
  red: "#ff8a80",
  green: "#5fc987",
  yellow: "#e6b054",
  blue: "#7ca6ff",
  magenta: "#d69bea",
  cyan: "#63c7d8",
  white: "#c8ced8",
  brightBlack: "#8b94a3",
  brightRed: "#ffa79f",
  brightGreen: "#82dba3",
  brightYellow: "#f2c77c",
  brightBlue: "#a0bfff",
  brightMagenta: "#e4b8f2",
  brightCyan: "#8bdae8",
  brightWhite: "#ffffff",
};

/** The colours of a terminal in the theme that the window has now. @param isReadOnly it has no cursor to be seen */
export function terminalTheme(isReadOnly: boolean): ITheme {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = isDark ? dark : light;
  return isReadOnly ? { ...theme, cursor: theme.background, cursorAccent: theme.background } : theme;
}

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
const bright = [
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

/** One of the sixteen colours by its number, for a style sheet: it follows the theme. */
export function themeColour(number: number): string {
  const name = [...names, ...bright][number] ?? "white";
  return `light-dark(${light[name]}, ${dark[name]})`;
}
