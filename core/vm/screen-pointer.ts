import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../shared/errors/errors.ts";
import type { QmpClient } from "../qemu/process/qmp-client.ts";
import type { Picture } from "../recording/ppm.ts";

/** A place on a screen, in pixels from its upper left corner. */
export interface ScreenPlace {
  readonly x: number;
  readonly y: number;
}

/** The largest value of an axis of QEMU's, whatever the size of the screen. */
const axisEnd = 0x7fff;
/** A person takes longer. Programs that draw what the pointer is on have the time to do so. Milliseconds. */
const pace = 50;

const miceSchema = z.array(z.object({ name: z.string(), current: z.boolean(), absolute: z.boolean() }));

/**
 * Presses and releases the left mouse button at a place of the screen.
 *
 * @param screen what the screen shows, for its size
 * @throws AppError `usage` for a place outside of the screen, or without a device for places; `guest-action-failed` when the guest does
 *   not use it; `qemu-failed`
 */
export async function clickAt(
  qmp: Pick<QmpClient, "execute">,
  { width, height }: Pick<Picture, "width" | "height">,
  { x, y }: ScreenPlace,
): Promise<void> {
  if (x < 0 || y < 0 || x >= width || y >= height) throw outside(`${x}, ${y}`, `${width} by ${height}`);
  requireTablet(miceSchema.parse(await qmp.execute("query-mice")));
  const send = async (events: readonly object[]) => void (await qmp.execute("input-send-event", { events }));
  // The middle of the pixel, however the guest rounds.
  const axis = (name: "x" | "y", place: number, size: number) => ({
    type: "abs",
    data: { axis: name, value: Math.round(((place + 0.5) / size) * axisEnd) },
  });
  const button = (down: boolean) => ({ type: "btn", data: { down, button: "left" } });
  await send([axis("x", x, width), axis("y", y, height)]);
  await delay(pace);
  await send([button(true)]);
  await delay(pace);
  await send([button(false)]);
}

/** QEMU's PS/2 mouse comes first in its list until the guest uses a USB device. */
function requireTablet(mice: z.infer<typeof miceSchema>): void {
  if (!mice.some(({ absolute }) => absolute)) throw onlyMouse();
  const current = mice.find((mouse) => mouse.current);
  if (current && !current.absolute && /PS\/2/.test(current.name)) throw unusedTablet();
}

function outside(place: string, size: string): AppError {
  return new AppError({
    code: "usage",
    message: `the screen has ${size} pixels, so there is no place ${place} to click`,
    advice: "Count from the upper left corner, from 0.",
  });
}

function onlyMouse(): AppError {
  return new AppError({
    code: "usage",
    message:
      "the virtual machine has only a mouse, which moves its pointer by distances: nothing can be clicked at a place",
    advice: 'Give it a tablet in its machine definition: "tablet": "usb-tablet".',
  });
}

function unusedTablet(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: "the guest does not use the tablet of the virtual machine, so nothing was clicked",
    advice: "Click once its system has started. It needs a driver for USB tablets.",
  });
}
