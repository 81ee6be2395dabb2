/** How an error begins where a peer has not got what is to be measured. */
export const ABSENT = 'absent: '
