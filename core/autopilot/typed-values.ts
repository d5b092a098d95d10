import { AppError } from "../../shared/errors/errors.ts";
import { type InstallStep, namesIn } from "../../shared/recipe/install-step.ts";
import { partsOfTyped, type TypedText } from "../../shared/recipe/typed-text.ts";

/** The values of what typed lines only name. */
export interface TypedValues {
  /** The line as it is typed. @throws AppError `usage` for a name without a value */
  resolve(typed: TypedText): string;
  /** The values of the secrets. */
  readonly secrets: readonly string[];
}

/** The environment variable with the value of a secret. */
export function secretVariable(name: string): string {
  return `TINSMITH_SECRET_${name}`;
}

interface ValueSources {
  /** The recipe's, with those that a person has replaced. */
  readonly variables: Readonly<Record<string, string>>;
  /** The values that a person has given. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Has those that nobody has given. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Finds the values of the variables and secrets that steps name.
 *
 * @throws AppError `usage` that names all variables that are missing; `secrets-missing`, whose details are their names
 */
export function findTypedValues(
  steps: readonly InstallStep[],
  { variables, secrets = {}, env = process.env }: ValueSources,
): TypedValues {
  const secretOf = (name: string) =>
    Object.hasOwn(secrets, name) ? secrets[name] : env[secretVariable(name)];
  const variableOf = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const unknown = namesIn(steps, "variable").filter((name) => variableOf(name) === undefined);
  if (unknown.length > 0) throw unknownVariables(unknown);
  // An empty one was meant to be something.
  const missing = namesIn(steps, "secret").filter((name) => !secretOf(name));
  if (missing.length > 0) throw secretsMissing(missing);
  const broken = namesIn(steps, "secret").filter((name) => /[\r\n]/.test(secretOf(name) ?? ""));
  if (broken.length > 0) throw secretsOfLines(broken);
  return {
    resolve: (typed) =>
      partsOfTyped(typed)
        .map((part) => {
          if (typeof part === "string") return part;
          const value = "secret" in part ? secretOf(part.secret) : variableOf(part.variable);
          if (value !== undefined) return value;
          throw "secret" in part ? secretsMissing([part.secret]) : unknownVariables([part.variable]);
        })
        .join(""),
    secrets: namesIn(steps, "secret").flatMap((name) => secretOf(name) ?? []),
  };
}

function unknownVariables(names: readonly string[]): AppError {
  return new AppError({
    code: "usage",
    message: `the install steps type variables that the recipe does not have: ${names.join(", ")}`,
    advice: "Give each a value under variables in recipe.yaml, or with --variable NAME=VALUE.",
  });
}

function secretsOfLines(names: readonly string[]): AppError {
  return new AppError({
    code: "usage",
    message: `the install steps type secrets that have more than one line: ${names.join(", ")}`,
    advice: "Give each as one line, without a line break at its end.",
  });
}

function secretsMissing(names: readonly string[]): AppError {
  return new AppError({
    code: "secrets-missing",
    message: "the install steps type secrets that are not given",
    advice: `Give them in the environment: ${names.map((name) => `${secretVariable(name)}=...`).join(" ")}`,
    details: names,
  });
}
