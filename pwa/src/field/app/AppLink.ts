import { defineComponent, h } from 'vue'
import { href } from './navigation'
import { router } from './router'

/** A real link (long press, open in a new tab) that does not reload the app. */
export const AppLink = defineComponent({
  name: 'AppLink',
  props: { to: { type: String, required: true }, replace: Boolean },
  setup(props, { slots }) {
    function follow(event: MouseEvent): void {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
        return
      event.preventDefault()
      void (props.replace ? router.replace(props.to) : router.push(props.to))
    }
    return () => h('a', { href: href(props.to), onClick: follow }, slots.default?.())
  },
})

declare module 'vue' {
  interface GlobalComponents {
    AppLink: typeof AppLink
  }
}
