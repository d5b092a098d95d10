/** The kernel's parameter: with the speed that login programs read from it. */
const serial = "console=ttyS0,115200";

/**
 * Adds the first serial port to the consoles among a kernel's parameters, as the last one, to which `/dev/console` leads.
 * The screen stays a console. Parameters that name the port already stay as they are.
 */
export function withSerialConsole(parameters: string): string {
  const words = parameters.split(/\s+/).filter(Boolean);
  // All after "--" is for the first process, and not for the kernel.
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  if (own.some((word) => /^console=ttyS0\b/.test(word))) return parameters;
  const hasConsole = own.some((word) => word.startsWith("console="));
  return [...own, ...(hasConsole ? [] : ["console=tty0"]), serial, ...words.slice(own.length)].join(" ");
}
