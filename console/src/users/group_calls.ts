// Groups, as the views of pools and of users ask for them.

import { AdminListGroupsForUserCommand, type CognitoIdentityProviderClient, type GroupType, ListGroupsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { allPages } from "../app/asking";

export const groupsOfPool = (idp: CognitoIdentityProviderClient, UserPoolId: string, abortSignal?: AbortSignal): Promise<GroupType[]> =>
  allPages(async (NextToken) => {
    const page = await idp.send(new ListGroupsCommand({ UserPoolId, Limit: 60, NextToken }), { abortSignal });
    return { items: page.Groups ?? [], next: page.NextToken };
  });

export const groupsOfUser = (idp: CognitoIdentityProviderClient, UserPoolId: string, Username: string, abortSignal?: AbortSignal): Promise<GroupType[]> =>
  allPages(async (NextToken) => {
    const page = await idp.send(new AdminListGroupsForUserCommand({ UserPoolId, Username, Limit: 60, NextToken }), { abortSignal });
    return { items: page.Groups ?? [], next: page.NextToken };
  });
