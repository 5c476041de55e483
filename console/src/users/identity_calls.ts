// Identity pools, as several views ask for them.

import { type CognitoIdentityClient, DescribeIdentityPoolCommand, type IdentityPool, type IdentityPoolShortDescription, ListIdentityPoolsCommand } from "@aws-sdk/client-cognito-identity";
import { allPages } from "../app/asking";

export const listIdentityPools = (identity: CognitoIdentityClient, abortSignal?: AbortSignal): Promise<IdentityPoolShortDescription[]> =>
  allPages(async (NextToken) => {
    const page = await identity.send(new ListIdentityPoolsCommand({ MaxResults: 60, NextToken }), { abortSignal });
    return { items: page.IdentityPools ?? [], next: page.NextToken };
  });

export const describeIdentityPool = (identity: CognitoIdentityClient, IdentityPoolId: string, abortSignal?: AbortSignal): Promise<IdentityPool> =>
  identity.send(new DescribeIdentityPoolCommand({ IdentityPoolId }), { abortSignal });

/** "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC" names the pool "us-east-1_AbC". */
export const userPoolOf = (providerName = "") => providerName.slice(providerName.lastIndexOf("/") + 1);
