// Light or dark: as the system has it, unless it was chosen here.

import { Mode, applyMode } from "@cloudscape-design/global-styles";
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const key = "turntable.theme";
const listeners = new Set<() => void>();
const system = window.matchMedia("(prefers-color-scheme: dark)");

const chosen = (): Theme => {
  const found = localStorage.getItem(key);
  return found === "light" || found === "dark" ? found : "system";
};
const isDark = () => chosen() === "dark" || (chosen() === "system" && system.matches);

function apply() {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  listeners.forEach((listener) => listener());
}

export function startTheme() {
  system.addEventListener("change", apply);
  apply();
}

export function chooseTheme(theme: Theme) {
  if (theme === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
  apply();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useTheme = () => useSyncExternalStore(subscribe, chosen);
export const useIsDark = () => useSyncExternalStore(subscribe, isDark);
