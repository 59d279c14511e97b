/** Where the group's provider and the gateway lead back to: tells the portal, which closes this window, or leads on to it where it left for them. */

import { answerPopup, leadOn } from 'warifu/answer-popup';

if (!leadOn('/')) answerPopup();
