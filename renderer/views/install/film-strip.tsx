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

/** The guest's screen at each step: a click shows the picture as a whole, and the step. */
export function FilmStrip({ session, steps, pictures, picked, onPick }: FilmStripProps) {
  if (pictures.length === 0) return null;
  const chosen = steps.findIndex(({ id }) => id === picked);
  return (
    <div className="film">
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
      {chosen >= 0 && (
        <Whole
          session={session}
          number={chosen + 1}
          picture={pictureAt(pictures, steps[chosen]?.epoch ?? 0)}
        />
      )}
    </div>
  );
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
      {address && <img src={address} alt="" />}
      <span>{number}</span>
    </button>
  );
}

function Whole({ session, number, picture }: Pick<FrameProps, "session" | "number" | "picture">) {
  const address = usePicture(session, picture);
  return address ? <img className="film-whole" src={address} alt={`The screen at step ${number}`} /> : null;
}
