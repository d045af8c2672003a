import type {MeshesWorkspaceStrings} from 'meshes-workspace';

export const arabic: MeshesWorkspaceStrings = {
  loading: 'جارٍ تحميل مساحة العمل…',
  ready: 'تم تحميل مساحة العمل.',
  errorTitle: 'تعذّر تحميل مساحة العمل',
  errors: {
    endpoint_unauthorized: 'تم تسجيل خروجك. سجّل الدخول ثم حاول مرة أخرى.',
    endpoint_forbidden: 'ليس لديك إذن بالوصول إلى مساحة العمل هذه.',
    endpoint_network: 'تحقّق من اتصالك ثم حاول مرة أخرى.',
    default: 'يُرجى المحاولة مرة أخرى. إذا استمرت المشكلة، فتواصل مع مالك الموقع.',
  },
  retry: 'إعادة المحاولة',
  retrying: 'تجري المحاولة مجددًا…',
  expiredTitle: 'انتهت جلستك',
  expired: 'أعد التحميل لبدء جلسة جديدة. ستُفقد التغييرات غير المحفوظة عند إعادة التحميل.',
  reload: 'إعادة التحميل',
  frameReloaded: 'مساحة العمل لا تستجيب.',
  frameSignedOut: 'انتهت صلاحية جلستك. جارٍ إعادة الاتصال…',
};
