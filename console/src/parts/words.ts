// Numbers, sizes and times as people read them.

import { app } from "../text/app";

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const units = ["bytes", "KB", "MB", "GB", "TB"];

export const countText = (count: number | undefined) => (count === undefined ? app.none : whole.format(count));

export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return app.none;
  let value = bytes,
    unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${short.format(value)} ${unit === 0 && bytes === 1 ? "byte" : units[unit]}`;
}

export const timeText = (time: Date | number | undefined) =>
  time === undefined ? app.none : new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });

export const durationText = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${short.format(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`);
