import { z } from "zod";

const runFormSchema = z.object({
  command: z.string(),
  /** Lines of NAME=VALUE. */
  environment: z.string(),
  /** Seconds and MiB, as they were typed; empty for none. */
  timeout: z.string(),
  memory: z.string(),
  keepAlive: z.boolean(),
});
/** What a person fills in to run an image. */
export type RunForm = z.infer<typeof runFormSchema>;

const firstForm: RunForm = { command: "uname -a", environment: "", timeout: "", memory: "", keepAlive: true };

const storageKey = "tinsmith.runs";
/** Images whose last command is remembered. */
const maxImages = 50;
const formsSchema = z.record(z.string(), runFormSchema);

/** What was last run in an image, else what most begin with. */
export function recallRun(archive: string): RunForm {
  return readForms()[archive] ?? firstForm;
}

export function rememberRun(archive: string, form: RunForm): void {
  const { [archive]: _before, ...others } = readForms();
  const kept = Object.entries(others).slice(1 - maxImages);
  localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries([...kept, [archive, form]])));
}

function readForms(): Record<string, RunForm> {
  try {
    return formsSchema.parse(JSON.parse(localStorage.getItem(storageKey) ?? "{}"));
  } catch {
    // Of an older version.
    return {};
  }
}
