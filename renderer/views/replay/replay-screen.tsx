import { lostPicture } from "../../../shared/session/recording-faults.ts";
import { pictureAt, type Recording } from "../../state/replay/recording.ts";
import { usePicture } from "./use-picture.ts";

interface ReplayScreenProps {
  readonly session: string;
  readonly recording: Recording;
  readonly time: number;
}

/** The guest's screen as it was at a time. */
export function ReplayScreen({ session, recording, time }: ReplayScreenProps) {
  const picture = usePicture(session, pictureAt(recording, time));
  return (
    <section className="replay-screen" aria-label="Screen">
      <h2>Screen</h2>
      {picture ? (
        <img src={picture} alt="The guest's screen at this time" />
      ) : (
        <p className="replay-nothing">{describeNothing(recording, picture)}</p>
      )}
    </section>
  );
}

function describeNothing({ pictures }: Recording, picture: string | null | undefined): string {
  if (pictures.length === 0) return "The session kept no picture of a screen.";
  return picture === null ? `The picture of this time is left out: ${lostPicture}.` : "No picture yet.";
}
