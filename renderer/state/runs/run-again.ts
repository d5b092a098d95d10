import type { RunRequest } from "../../../shared/session/run.ts";
import { openDialog } from "../messages/dialogs.ts";
import { formOf } from "./run-form.ts";
import { setOfScenario } from "./run-scenario.ts";

/** Opens the dialog in which a run, or a scenario of an image set, is started again. */
export function runAgain(request: RunRequest & { readonly image: string }): void {
  const file = request.scenario?.path;
  const set = setOfScenario(file);
  if (set && file !== undefined) openDialog({ name: "scenario", set, file });
  else openDialog({ name: "run", archive: request.image, form: formOf(request) });
}
