import { Copy, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import type { CommandLine } from "../../../../shared/app/qemu-command.ts";
import type { ErrorData } from "../../../../shared/errors/error-data.ts";
import { toAppError } from "../../../../shared/errors/errors.ts";
import { app } from "../../../client/api-client.ts";
import { copyText } from "../../../state/messages/copy-text.ts";
import { IconButton } from "../../../ui/button.tsx";
import { ErrorText } from "../../../ui/messages/error-text.tsx";
import { commandText, groupOptions } from "./command-text.ts";
import "./command-line-view.css";

/** The pause after the last change before an update, since a person may still be typing. Milliseconds. */
const pause = 250;

interface CommandLineViewProps {
  readonly text: string;
  readonly hasIssues: boolean;
}

/** The QEMU command that a run makes of the definition on this host, and its differences from the definition. */
export function CommandLineView({ text, hasIssues }: CommandLineViewProps) {
  const { command, problem } = useCommandLine(text, hasIssues);
  const whileIssues = command ? "as it was before the issues" : "none while there are issues";
  const copy = ({ program, args }: CommandLine) => void copyText(commandText(program, args), "The command");
  return (
    <section className="command-line" aria-label="QEMU command" data-old={hasIssues || undefined}>
      <header className="command-line-head">
        <h2>QEMU command</h2>
        <span>{hasIssues ? whileIssues : "as a run uses it on this host"}</span>
        <IconButton
          icon={Copy}
          label="Copy the command"
          disabledReason={!command || hasIssues ? "the machine definition has issues" : undefined}
          onClick={() => command && copy(command)}
        />
      </header>
      {problem && <ErrorText error={problem} />}
      {command && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard.
        <div className="command-line-text" tabIndex={0}>
          <ul className="command-line-notes" aria-label="Differences on this host">
            {command.notes.map((note) => (
              <li key={note}>
                <TriangleAlert size={14} aria-hidden /> {note}
              </li>
            ))}
          </ul>
          <code>
            <span>{command.program}</span>
            {groupOptions(command.args).map(([option, value]) => (
              <span key={`${option} ${value}`}>
                <b>{option}</b> {value}
              </span>
            ))}
          </code>
        </div>
      )}
    </section>
  );
}

interface Answer {
  readonly command?: CommandLine;
  readonly problem?: ErrorData;
}

/** Asks for the command whenever the definition has changed, and is valid; until the answer comes, the last one stays. */
function useCommandLine(text: string, hasIssues: boolean): Answer {
  const [answer, setAnswer] = useState<Answer>({});
  useEffect(() => {
    if (hasIssues) return;
    const controller = new AbortController();
    const ask = async () => {
      try {
        const command = await app().machines.commandLine({ text }, { signal: controller.signal });
        if (!controller.signal.aborted) setAnswer({ command });
      } catch (thrown) {
        if (!controller.signal.aborted) setAnswer({ problem: toAppError(thrown).toJSON() });
      }
    };
    const timer = setTimeout(() => void ask(), pause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, hasIssues]);
  return answer;
}
