import { AppError, toAppError } from "../../shared/errors/errors.ts";

/** The failure of a saved state: without it, the virtual machine boots. */
export class StateFailure extends AppError {
  constructor(thrown: unknown) {
    super(toAppError(thrown).toJSON(), { cause: thrown });
  }
}
