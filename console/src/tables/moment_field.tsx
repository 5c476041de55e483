// A day and a time of it, in this browser's time zone.

import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TimeInput from "@cloudscape-design/components/time-input";
import { copies } from "../text/copies";

const said = copies.moment;

export interface Moment {
  /** "2026-11-27" */
  day: string;
  /** "14:05:00" */
  time: string;
}

const two = (number: number) => String(number).padStart(2, "0");

export const momentOf = (date: Date): Moment => ({
  day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  time: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
});

/** The date, or undefined where the moment is not complete. */
export function dateOf({ day, time }: Moment): Date | undefined {
  const date = new Date(`${day}T${time}`);
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(date.getTime()) ? date : undefined;
}

export function MomentField({ label, value, onChange, error }: { label: string; value: Moment; onChange: (value: Moment) => void; error?: string }) {
  return (
    <SpaceBetween direction="horizontal" size="m">
      <FormField label={`${label}: ${said.day}`} constraintText={said.dayRule} errorText={error}>
        <DatePicker value={value.day} placeholder={said.dayPlaceholder} onChange={({ detail }) => onChange({ ...value, day: detail.value })} />
      </FormField>
      <FormField label={`${label}: ${said.time}`} constraintText={said.timeRule}>
        <TimeInput value={value.time} placeholder="hh:mm:ss" onChange={({ detail }) => onChange({ ...value, time: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}
