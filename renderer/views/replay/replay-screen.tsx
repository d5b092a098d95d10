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
        <p className="replay-nothing">
          {recording.pictures.length === 0 ? "The session kept no picture of a screen." : "No picture yet."}
        </p>
      )}
    </section>
  );
}
