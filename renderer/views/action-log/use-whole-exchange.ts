import { useEffect, useState } from "react";
import { loadExchange } from "../../state/exchanges/load-exchange.ts";
import type { Exchange } from "../../state/guest/exchanges.ts";
import { sayError } from "../../state/messages/notices.ts";

/** An exchange with all that the session has of it: an old one is read from the disk first, and is as it is until then. */
export function useWholeExchange(session: string, exchange: Exchange): Exchange {
  const [loaded, setLoaded] = useState<Exchange>();
  useEffect(() => {
    if (!exchange.isTrimmed) return;
    const controller = new AbortController();
    loadExchange(session, exchange, controller.signal).then(setLoaded, (error: unknown) => {
      if (!controller.signal.aborted) sayError(error);
    });
    return () => controller.abort();
  }, [session, exchange]);
  return loaded?.number === exchange.number ? loaded : exchange;
}
