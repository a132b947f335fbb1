import type { zh } from './plausibility.zh'

export default {
  unknown: 'The server gave a reason this page does not know ({code}).',
} satisfies Record<keyof typeof zh, string>
