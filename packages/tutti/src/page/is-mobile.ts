/** What of a page's `navigator` tells a phone from a desktop. */
export interface MobileHints {
  readonly userAgent: string
  /** Chromium's word on it, which other engines do not have. */
  readonly userAgentData?: { readonly mobile: boolean }
}

/**
 * Whether this browser runs on a phone or a tablet, as far as it says so. Coarse, and wrong for a tablet that
 * poses as a desktop: it decides how soon a hidden tab gives way (R7.1), never whether anything is right.
 */
export function isMobile({ userAgent, userAgentData }: MobileHints): boolean {
  return userAgentData?.mobile ?? /Mobi|Android/i.test(userAgent)
}
