import type { RememberedRun } from "../../../shared/app/window-state.ts";
import { remember, windowState } from "../connection/window-state.ts";

/** The fields that a person fills in to run an image. */
export interface RunForm extends Omit<RememberedRun, "variables"> {
  /** Lines of NAME=VALUE. */
  readonly environment: string;
}

const firstForm: RunForm = {
  command: "uname -a",
  environment: "",
  timeout: "",
  memory: "",
  keepAlive: true,
  terminal: true,
  forward: "",
  recordsNetwork: false,
  boots: false,
};

/** The forms of this window's own runs, with the values of their variables: these are in this page's memory only. */
const ownForms = new Map<string, RunForm>();

/** The last run of an image, else the usual values. Of variables of an earlier window there are only the names. */
export function recallRun(archive: string): RunForm {
  const own = ownForms.get(archive);
  if (own) return own;
  const kept = windowState.getState().runs?.[archive];
  if (!kept) return firstForm;
  const { variables, ...form } = kept;
  return { ...form, environment: variables.join("\n") };
}

export function rememberRun(archive: string, form: RunForm): void {
  ownForms.set(archive, form);
  const { environment, ...kept } = form;
  const variables = environment.split("\n").flatMap((line) => /^\s*([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
  remember({ runs: { [archive]: { ...kept, variables } } });
}
