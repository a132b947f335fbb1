export const zh = {
  title: '收件',
  empty: '没有消息',
  empty_hint: '检查任务、询问、答复和审核结果会出现在这里。',
  read_all: '全部标为已读',
  unread: '未读',
  'notice.assigned': '现场检查「{visit}」已交给您',
  'notice.queried': '「{visit}」的一件证据有人询问',
  'notice.answered': '检查人员答复了您对「{visit}」一件证据的询问',
  'notice.reviewed': '「{visit}」的一件证据已审核',
  'notice.other': '「{visit}」有新进展',
} as const
