import { useCallback, useEffect, useState } from "react";
import type { Finding } from "../../../shared/app/host.ts";
import { app } from "../../client/api-client.ts";
import { sayError } from "../../state/messages/notices.ts";

interface Examination {
  /** The findings of doctor; undefined while it looks. */
  readonly findings: readonly Finding[] | undefined;
  /** Looks again. @param retry also tries KVM again when it is known to have failed */
  readonly examine: (retry: boolean) => void;
}

/** Lets doctor look at this host, when a view is first shown and whenever it asks. */
export function useFindings(): Examination {
  const [findings, setFindings] = useState<readonly Finding[]>();
  const examine = useCallback((retry: boolean) => {
    setFindings(undefined);
    app()
      .host.examine({ retry })
      .then(setFindings, (error) => {
        setFindings([]);
        sayError(error);
      });
  }, []);
  useEffect(() => examine(false), [examine]);
  return { findings, examine };
}
