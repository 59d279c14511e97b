/** Where the group's provider and the gateway lead back to: tells the portal, which closes this window. */

import { answerPopup } from 'warifu/answer-popup';

answerPopup();
