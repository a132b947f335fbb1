export const zh = {
  unknown: '服务器给出一条本页尚不认识的提示({code})。',
} as const
