import { memo, useEffect, useState, useSyncExternalStore } from "react";
import { sessionFile } from "../../client/api-client.ts";
import { type LogRow, textOfRows } from "../../state/log/log-text.ts";
import { openTaskLog, type TaskLog } from "../../state/log/task-log.ts";
import { type LogRowPlace, placeRow } from "../../ui/log/log-row.ts";
import { findInRow } from "../../ui/log/log-search.ts";
import { LogText } from "../../ui/log/log-text.tsx";
import { LogView } from "../../ui/log/log-view.tsx";
import { useLog } from "../../ui/log/use-log.ts";
import { saveAddress } from "../../ui/save-text.ts";

interface TaskLogViewProps {
  readonly session: string;
  readonly isRunning: boolean;
}

/** A task's log, as the guest tools send it, in its colours. */
export function TaskLogView({ session, isRunning }: TaskLogViewProps) {
  const [log, setLog] = useState<TaskLog>();
  useEffect(() => {
    const opened = openTaskLog(session);
    setLog(opened);
    return () => opened.close();
  }, [session]);
  return log ? <OpenTaskLog session={session} task={log} isRunning={isRunning} /> : null;
}

function OpenTaskLog({ session, task, isRunning }: TaskLogViewProps & { readonly task: TaskLog }) {
  useSyncExternalStore(task.onChange, task.version);
  const { rows } = task.text;
  const dropped = task.text.dropped();
  const log = useLog({
    // The last row is empty when all lines have ended.
    count: rows.at(-1)?.text === "" ? rows.length - 1 : rows.length,
    dropped,
    textOf: () => textOfRows(rows),
    // Pieces of one line are searched one by one.
    find: (sought) => rows.flatMap(({ text }, index) => findInRow(dropped + index, text, sought)),
  });
  return (
    <LogView
      log={log}
      label="The task's log"
      dropped={dropped}
      empty={isRunning ? "The task has not logged anything yet." : "The task has not logged anything."}
      onSave={async () => saveAddress(`${session}.log`, await sessionFile(session, "task.log"))}
    >
      {(place) => {
        const row = rows[place.number - dropped];
        return row && <TaskLogRow row={row} {...place} />;
      }}
    </LogView>
  );
}

const TaskLogRow = memo(function TaskLogRow({ row, ...place }: LogRowPlace & { readonly row: LogRow }) {
  const { sought, current } = place;
  return (
    <div className="log-row" {...placeRow(place)}>
      <code>
        <LogText text={row.text} parts={row.parts} sought={sought} current={current} />
      </code>
    </div>
  );
});
