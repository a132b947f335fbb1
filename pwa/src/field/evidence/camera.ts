/** The in-page viewfinder: the app is not killed behind a camera app, and the frame comes straight from the sensor. */
import { ref, shallowRef } from 'vue'

export type CameraTrouble = 'denied' | 'none' | 'busy'

interface PhotoCamera {
  takePhoto(): Promise<Blob>
}
declare const ImageCapture: (new (track: MediaStreamTrack) => PhotoCamera) | undefined

export function useCamera() {
  const stream = shallowRef<MediaStream | null>(null)
  const trouble = ref<CameraTrouble | null>(null)
  const opening = ref(false)

  async function open(): Promise<void> {
    if (stream.value || opening.value) return
    if (!navigator.mediaDevices?.getUserMedia) {
      trouble.value = 'none'
      return
    }
    opening.value = true
    try {
      stream.value = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: 'environment' }, width: { ideal: 4096 }, height: { ideal: 3072 } },
      })
      trouble.value = null
      // Another app took the camera, or the phone locked: open again when the user returns.
      stream.value.getVideoTracks()[0]?.addEventListener('ended', close)
    } catch (error) {
      const { name } = error as DOMException
      trouble.value = name === 'NotAllowedError' ? 'denied' : name === 'NotReadableError' ? 'busy' : 'none'
    } finally {
      opening.value = false
    }
  }

  function close(): void {
    for (const track of stream.value?.getTracks() ?? []) track.stop()
    stream.value = null
  }

  /** Full sensor resolution where ImageCapture exists; the video frame otherwise. */
  async function shoot(video: HTMLVideoElement): Promise<Blob> {
    const track = stream.value?.getVideoTracks()[0]
    if (!track) throw new Error('camera is closed')
    if (typeof ImageCapture !== 'undefined') {
      try {
        return await new ImageCapture(track).takePhoto()
      } catch {
        // Some Android cameras refuse takePhoto while streaming; the frame is still a photo.
      }
    }
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    return new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no frame'))), 'image/jpeg', 0.92),
    )
  }
  return { stream, trouble, opening, open, close, shoot }
}
