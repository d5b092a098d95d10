import packageJson from "../package.json" with { type: "json" };

const [, , first = "", ...others] = process.argv;
const isVersionOnly = ["--version", "-V"].includes(first) && others.length === 0;
// The version needs none of the program's code.
if (isVersionOnly) process.stdout.write(`${packageJson.version}\n`);
// Without an await of the module itself, which CommonJS does not have.
else void import("./program.ts").then(({ runProgram }) => runProgram());
