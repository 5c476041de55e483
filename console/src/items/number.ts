// DynamoDB's numbers: up to 38 significant digits, from 1E-130 to 9.9…E+125, kept as texts.

import { numbers as said } from "../text/items";

const DIGITS = 38,
  LARGEST = 125,
  SMALLEST = -130;

interface Parsed {
  sign: -1 | 0 | 1;
  /** Without zeros at either end. */
  digits: string;
  /** Of the first digit: 5 has 0, 50 has 1. */
  magnitude: number;
}

function parse(text: string): Parsed | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  if (!found) return undefined;
  const [, minus, whole = "", fraction = "", exponent = "0"] = found;
  if (whole + fraction === "") return undefined;
  const all = whole + fraction;
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(leading).replace(/0+$/, "");
  if (!digits) return { sign: 0, digits: "", magnitude: 0 };
  return { sign: minus === "-" ? -1 : 1, digits, magnitude: whole.length - 1 - leading + Number(exponent) };
}

/** What is wrong with a number, or undefined. */
export function numberProblem(text: string): string | undefined {
  const found = parse(text);
  if (!found) return said.notANumber;
  if (found.digits.length > DIGITS) return said.tooManyDigits;
  if (found.magnitude > LARGEST) return said.tooLarge;
  return found.magnitude < SMALLEST ? said.tooSmall : undefined;
}

/** By value, whatever their number of digits; texts that are no numbers are taken as 0. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  const zero: Parsed = { sign: 0, digits: "", magnitude: 0 };
  const [left, right] = [parse(a) ?? zero, parse(b) ?? zero];
  if (left.sign !== right.sign) return left.sign - right.sign;
  if (left.magnitude !== right.magnitude) return (left.magnitude - right.magnitude) * left.sign;
  if (left.digits === right.digits) return 0;
  return left.digits < right.digits ? -left.sign : left.sign;
}

/** The same number as JSON writes numbers: "+.5" is 0.5. */
export function jsonNumber(text: string): string {
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  const found = parse(text);
  if (!found || found.sign === 0) return "0";
  const { digits, magnitude, sign } = found;
  return `${sign < 0 ? "-" : ""}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}${magnitude ? `e${magnitude}` : ""}`;
}
