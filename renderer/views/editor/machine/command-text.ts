import { quoteForShell } from "../../../../shared/text/quote-for-shell.ts";

/** Each option with its value; one that takes none has an empty one. */
export function groupOptions(args: readonly string[]): readonly (readonly [option: string, value: string])[] {
  return args.flatMap((arg, index) => {
    if (!arg.startsWith("-")) return [];
    const next = args[index + 1] ?? "-";
    return [[arg, next.startsWith("-") ? "" : next] as const];
  });
}

/** The command for a shell, one option a line. */
export function commandText(program: string, args: readonly string[]): string {
  const options = groupOptions(args).map(([option, value]) =>
    value ? `${option} ${quoteForShell(value)}` : option,
  );
  return [quoteForShell(program), ...options].join(" \\\n  ");
}
