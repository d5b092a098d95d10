import { type PointerEvent, useEffect, useRef, useState } from "react";
import { FormDialog } from "../../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../../ui/forms/text-field.tsx";
import { savePicture } from "../save-picture.ts";
import { type Part, partBetween, partIssue } from "./crop.ts";
import "./crop-dialog.css";

interface CropDialogProps {
  readonly session: string;
  /** Of the screen, as a PNG. */
  readonly picture: Blob;
  readonly onClose: () => void;
}

const names = { x: "Left", y: "Top", width: "Width", height: "Height" } as const;
/** Of the frame around the part, outside of it, in pixels of the picture. */
const frameWidth = 2;
const nothing: Part = { x: 0, y: 0, width: 0, height: 0 };

/** Cuts a part out of a picture of the screen, for install steps that wait for it. */
export function CropDialog({ session, picture, onClose }: CropDialogProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [bitmap, setBitmap] = useState<ImageBitmap>();
  const [part, setPart] = useState(nothing);
  const [corner, setCorner] = useState<{ readonly x: number; readonly y: number }>();
  useEffect(() => {
    void createImageBitmap(picture).then(setBitmap);
  }, [picture]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !bitmap) return;
    context.drawImage(bitmap, 0, 0);
    if (part.width < 1 || part.height < 1) return;
    // The rest is dark.
    context.fillStyle = "rgb(0 0 0 / 60%)";
    context.fillRect(0, 0, bitmap.width, bitmap.height);
    context.drawImage(
      bitmap,
      part.x,
      part.y,
      part.width,
      part.height,
      part.x,
      part.y,
      part.width,
      part.height,
    );
    // Most screens are dark themselves.
    context.strokeStyle = getComputedStyle(context.canvas).color;
    context.lineWidth = frameWidth;
    const out = frameWidth / 2;
    context.strokeRect(part.x - out, part.y - out, part.width + frameWidth, part.height + frameWidth);
  }, [bitmap, part]);
  const size = bitmap ?? { width: 0, height: 0 };
  const placeOf = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLCanvasElement>) => {
    const box = currentTarget.getBoundingClientRect();
    const scale = size.width / box.width;
    return { x: (clientX - box.left) * scale, y: (clientY - box.top) * scale };
  };
  return (
    <FormDialog
      title="Save a part of the screen"
      description="Draw a frame around it. An install step with region: FILE waits until it is on the screen."
      action="Save part"
      obstacle={bitmap ? partIssue(part, size) : "The picture is being read"}
      onSubmit={async () => {
        if (bitmap) savePicture(await cut(bitmap, part), session);
      }}
      onClose={onClose}
    >
      <canvas
        ref={canvas}
        className="crop"
        width={size.width}
        height={size.height}
        role="img"
        aria-label="The screen"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setCorner(placeOf(event));
          setPart(nothing);
        }}
        onPointerMove={(event) => corner && setPart(partBetween(corner, placeOf(event), size))}
        onPointerUp={() => setCorner(undefined)}
      />
      <div className="crop-fields">
        {(Object.keys(names) as (keyof Part)[]).map((key) => (
          <TextField
            key={key}
            label={names[key]}
            name={key}
            inputMode="numeric"
            value={part[key]}
            onChange={(text) => setPart({ ...part, [key]: Math.max(0, Math.trunc(Number(text)) || 0) })}
          />
        ))}
      </div>
    </FormDialog>
  );
}

async function cut(bitmap: ImageBitmap, { x, y, width, height }: Part): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  return await canvas.convertToBlob({ type: "image/png" });
}
