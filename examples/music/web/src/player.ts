/** Plays tracks: a melody made up from a track's id, at most one at a time, and the bar that shows it. */
import { h } from './dom';
import type { Track } from './tables';
import { texts } from './texts';

const NOTE = 0.4; // seconds
const LOUDNESS = 0.08;
const SCALE = [0, 2, 4, 7, 9, 12, 14, 16]; // two pentatonic octaves, in semitones
const LOWEST = 220; // Hz

let playing: { stop(): void } | undefined;

const title = h('span', { class: 'playing' }, texts.player.nothing);
const progress = h('progress', { max: '1', value: '0', 'aria-label': texts.player.progress });
const stopButton = h('button', { type: 'button', click: stop, hidden: true }, texts.player.stop);
const bar = h('section', { class: 'player', 'aria-label': texts.player.label, hidden: true }, title, progress, stopButton);

/** The bar, which is hidden until something is played. */
export const playerBar = (): HTMLElement => bar;

/** A number from a text, always the same one: tracks look and sound like themselves. */
export function hash(text: string): number {
  let sum = 2166136261;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16777619) >>> 0;
  return sum;
}

/** Puts the track's melody on the sound card, from now on; returns how to end it. */
function sound(track: Track): () => void {
  const context = new AudioContext();
  const voice = new OscillatorNode(context, { type: 'triangle' });
  const volume = new GainNode(context, { gain: 0 });
  voice.connect(volume).connect(context.destination);
  let state = hash(track.id) || 1;
  for (let at = 0; at < track.seconds; at += NOTE) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const semitones = SCALE[(state >>> 24) % SCALE.length] ?? 0;
    const from = context.currentTime + at;
    voice.frequency.setValueAtTime(LOWEST * 2 ** (semitones / 12), from);
    volume.gain.setTargetAtTime(LOUDNESS, from, 0.01);
    volume.gain.setTargetAtTime(0, from + NOTE * 0.6, 0.05);
  }
  voice.start();
  voice.stop(context.currentTime + track.seconds);
  return () => void context.close();
}

export function stop(): void {
  playing?.stop();
  playing = undefined;
  title.textContent = texts.player.nothing;
  progress.value = 0;
  stopButton.hidden = true;
}

/** Plays the track; what played before ends. */
export function play(track: Track): void {
  stop();
  let frame = 0;
  let silence = () => {};
  try {
    silence = sound(track);
  } catch {
    /* a machine without a sound card: the bar runs all the same */
  }
  const begun = performance.now();
  const show = () => {
    progress.value = (performance.now() - begun) / 1000 / track.seconds;
    if (progress.value >= 1) stop();
    else frame = requestAnimationFrame(show);
  };
  playing = {
    stop() {
      cancelAnimationFrame(frame);
      silence();
    },
  };
  title.textContent = texts.player.playing(track.title || texts.track.untitled);
  bar.hidden = stopButton.hidden = false;
  show();
}
