// What goes on by itself while someone looks.

import { useEffect } from "react";

const AGAIN_MS = 10_000;

/** Calls every ten seconds while the page is in sight, and at once when it comes into sight again. */
export function useWhileInSight(again: () => void) {
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && again();
    const timer = window.setInterval(look, AGAIN_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [again]);
}
