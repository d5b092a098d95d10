import packageJson from "../package.json" with { type: "json" };

const [, , first = "", ...others] = process.argv;
const isVersionOnly = ["--version", "-V"].includes(first) && others.length === 0;
// The version needs none of the program's code.
if (isVersionOnly) process.stdout.write(`${packageJson.version}\n`);
else await import("./program.ts");
