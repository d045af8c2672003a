/* A page that gives a frame its token by penpal. */
import {connect, WindowMessenger} from 'penpal';

Object.assign(globalThis, {
  penpalGiven: (token: string) => {
    const iframe = document.querySelector('iframe')!;
    const messenger = new WindowMessenger({
      remoteWindow: iframe.contentWindow!,
      allowedOrigins: [new URL(iframe.src).origin],
    });
    connect({messenger, methods: {token: () => token}});
  },
});
