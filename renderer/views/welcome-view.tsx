import { Command, Hammer, Play, Stethoscope } from "lucide-react";
import { useChosenSet } from "../state/chosen-set.ts";
import { runCommand } from "../state/commands.ts";
import { Button } from "../ui/button.tsx";
import "./welcome-view.css";

/** What the middle of a new window shows: the three steps to an image that runs. */
export function WelcomeView() {
  const set = useChosenSet();
  return (
    <article className="welcome">
      <h1>From an ISO to a worker image</h1>
      <ol>
        <li>
          <h2>Choose an image set</h2>
          <p>The library at the left has what your workspace holds; a new one starts from a template.</p>
        </li>
        <li>
          <h2>Rebuild its worker image</h2>
          <p>
            The setup image is installed first when there is none. Steps, log and serial console show here.
          </p>
          <Button icon={Hammer} onClick={() => runCommand("build.worker")}>
            Rebuild worker
          </Button>
        </li>
        <li>
          <h2>Run a command in it</h2>
          <p>The worker image boots, its guest tools fetch the command, and its log streams in.</p>
          <Button icon={Play} disabled={!set?.worker.archive} onClick={() => runCommand("run.worker")}>
            Run…
          </Button>
        </li>
      </ol>
      <p className="welcome-foot">
        <Button look="quiet" icon={Stethoscope} onClick={() => runCommand("view.doctor")}>
          See what this host lacks
        </Button>
        <Button look="quiet" icon={Command} onClick={() => runCommand("palette")}>
          All commands
        </Button>
      </p>
    </article>
  );
}
