/** Whether states are saved without being asked for: not where a build is done once, on a machine that others pay for. */
export function savesByItself(): boolean {
  return !process.env.CI;
}
