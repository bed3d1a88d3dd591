// Numbers as a person reads them.
const whole = new Intl.NumberFormat("en");
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

export const UNKNOWN = "–";

export function count(value) {
  return value == null ? UNKNOWN : whole.format(value);
}

export function short(value) {
  return value == null ? UNKNOWN : compact.format(value);
}

export function percent(share) {
  return share == null ? UNKNOWN : `${decimal.format(share * 100)} %`;
}

export function bytes(value) {
  if (value == null) {
    return UNKNOWN;
  }
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return `${decimal.format(value / 1000 ** unit)} ${units[unit]}`;
}

export function millis(value) {
  return value == null ? UNKNOWN : `${decimal.format(value)} ms`;
}

export function duration(seconds) {
  if (seconds == null) {
    return UNKNOWN;
  }
  if (seconds < 60) {
    return `${decimal.format(seconds)} s`;
  }
  const all = Math.round(seconds);
  return all < 3600
    ? `${Math.floor(all / 60)} min ${all % 60} s`
    : `${Math.floor(all / 3600)} h ${Math.floor((all % 3600) / 60)} min`;
}

/** A word of the status document as the beginning of a sentence. */
export function title(word) {
  const text = word.replace(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
