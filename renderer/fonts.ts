import mono from "@fontsource-variable/cascadia-mono/files/cascadia-mono-latin-wght-normal.woff2";
import monoBoxes from "@fontsource-variable/cascadia-mono/files/cascadia-mono-symbols2-wght-normal.woff2";
import text from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";

/** The time for which the window waits for its fonts before it uses those of the system. Milliseconds. */
const patience = 3_000;

/**
 * The characters in the font files, as their packages say. Other scripts, such as Greek, are left to the fonts of the
 * system.
 */
const latin =
  "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";
/** The lines and blocks of which an installer in a terminal draws its frames: they have to join from row to row. */
const boxes = "U+23B8-23BD,U+2500-259F";

const faces = [
  new FontFace("Inter", source(text), { weight: "100 900", unicodeRange: latin }),
  new FontFace("Cascadia Mono", source(mono), { weight: "200 700", unicodeRange: latin }),
  new FontFace("Cascadia Mono", source(monoBoxes), { weight: "200 700", unicodeRange: boxes }),
];

/** The window's own fonts; kept when they can't be loaded, as the system's do then. */
export const fontsLoaded: Promise<unknown> = Promise.allSettled(
  faces.map((face) => {
    document.fonts.add(face);
    return face.load();
  }),
);

/** Waits for the window's own fonts, so that no text moves by their coming; but not without a limit. */
export async function waitForFonts(): Promise<void> {
  await Promise.race([fontsLoaded, new Promise((resolve) => setTimeout(resolve, patience))]);
}

function source(address: string): string {
  return `url("${address}") format("woff2")`;
}
