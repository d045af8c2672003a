/* A frame that tells its height by iframe-resizer. */
import '@iframe-resizer/child';
