import type { RecordedStep } from "../../../shared/recorder/recorded-step.ts";
import { type BuildView, pictureAt } from "../../state/builds/build-view.ts";
import { usePicture } from "../replay/use-picture.ts";
import "./film-strip.css";

interface FilmStripProps {
  readonly session: string;
  readonly steps: readonly RecordedStep[];
  readonly pictures: BuildView["pictures"];
  /** The id of the step whose picture is shown as a whole. */
  readonly picked: string | undefined;
  readonly onPick: (step: string | undefined) => void;
}

/** The guest's screen at each step: a click picks the step, and its picture, which is shown as a whole. */
export function FilmStrip({ session, steps, pictures, picked, onPick }: FilmStripProps) {
  if (pictures.length === 0) return null;
  return (
    <ol className="film-strip" aria-label="The screen at each step">
      {steps.map(({ id, epoch }, index) => (
        <li key={id}>
          <Frame
            {...{ session }}
            number={index + 1}
            picture={pictureAt(pictures, epoch)}
            isPicked={id === picked}
            onClick={() => onPick(id === picked ? undefined : id)}
          />
        </li>
      ))}
    </ol>
  );
}

/** The picture of the picked step as a whole. */
export function FilmPicture({ session, steps, pictures, picked }: Omit<FilmStripProps, "onPick">) {
  const chosen = steps.findIndex(({ id }) => id === picked);
  const address = usePicture(session, pictureAt(pictures, steps[chosen]?.epoch ?? 0));
  if (chosen < 0) return null;
  // Its place is kept: the steps beside it would move, and the picked one out of sight.
  if (!address) return <span className="film-whole" />;
  return <img className="film-whole" src={address} alt={`The screen at step ${chosen + 1}`} />;
}

interface FrameProps {
  readonly session: string;
  readonly number: number;
  readonly picture: string | undefined;
  readonly isPicked: boolean;
  readonly onClick: () => void;
}

function Frame({ session, number, picture, isPicked, onClick }: FrameProps) {
  const address = usePicture(session, picture);
  return (
    <button
      type="button"
      className="film-frame"
      aria-pressed={isPicked}
      aria-label={`The screen at step ${number}`}
      onClick={onClick}
    >
      {address ? <img src={address} alt="" /> : <span className="film-blank" />}
      <span>{number}</span>
    </button>
  );
}
