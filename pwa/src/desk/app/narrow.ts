/** Whether the window is too narrow for a rail (a phone held in one hand, 200 % zoom): then a bar with a menu. */
import { readonly, ref } from 'vue'

const query = window.matchMedia('(max-width: 720px)')
const now = ref(query.matches)
query.addEventListener('change', () => {
  now.value = query.matches
})
export const narrow = readonly(now)
